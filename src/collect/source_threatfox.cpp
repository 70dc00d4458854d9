// ThreatFox of abuse.ch: what was added in the last days, by its API
// (https://threatfox.abuse.ch/api/). It is a window: what has left it has not ended.

#include "base/json_writer.h"
#include "collect/list_source.h"
#include "feeds/feed_replies.h"

namespace spoor {

Status walk_threatfox(SourceSession& session) {
  ListPlan plan;
  plan.url = source_url(session.options, session.kind);
  plan.method = "POST";
  plan.content_type = "application/json";
  JsonWriter json;
  json.begin_object()
      .member("query", "get_iocs")
      .member("days", std::int64_t{session.options.days})
      .end_object();
  plan.body = json.take();
  plan.refusal = abuse_ch_refusal;
  return walk_list(session, plan);
}

}  // namespace spoor
