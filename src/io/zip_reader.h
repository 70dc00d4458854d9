// A zip on disk whose members are decoded by several threads, with the answers of reading it
// in order.
//
//     file ──▶ list of members ──▶ units in flight (parallel.h) ──▶ delivered in order
//        └───▶ libarchive walks from header to header, and reads what no unit holds
//
// The idea: libarchive says what it always says: which member comes next, its name, time and
// kind, and all that is wrong. Only the bytes of a member come from elsewhere, where its header
// ends at the place the list says and all of it is right; libarchive then passes over them.
// A member that is not right is read by libarchive from its begin, so there is one definition
// of every error. Where the list is unusual, or somebody asks for no helpers, there is nothing
// but libarchive.
//
// What limits on expansion see depends on the bytes alone: bytes_read() says what reading in
// order would have taken by then, in libarchive's blocks of 128 KiB, although units ahead have
// taken more; within a member it grows evenly. An archive that says itself that it will exceed
// a limit is left to libarchive, so that it stops at the same byte.
//
// Memory: units as parallel.h says, 32 bytes a member, what libarchive holds. Costs: packed
// bytes are read twice, from the page cache; bench/compare-formats.
// Private to `io`. Tested by zip_reader_test.cpp (TSan too); fuzz/fuzz_zip.

#pragma once

#include <memory>

#include "io/archive.h"
#include "io/source.h"

namespace spoor {

/// `source` knows its size and stands at its begin, and nothing lies around it.
std::unique_ptr<ArchiveReader> open_zip(std::unique_ptr<ByteSource> source,
                                        const StreamOptions& options);

}  // namespace spoor
