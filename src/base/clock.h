// The wall clock as a seam: commands take a Clock, tests give one that stands still.

#pragma once

#include "base/time.h"

namespace spoor {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override {
    return std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now());
  }
};

/// Stands at the moment it is given until told otherwise.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Time time) : time_(time) {}
  Time now() const override { return time_; }
  void set(Time time) { time_ = time; }

 private:
  Time time_;
};

}  // namespace spoor
