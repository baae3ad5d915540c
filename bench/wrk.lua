-- Requests that are built once and sent in turn. Arguments: the user agent, the paths.
local requests = {}
local sent = 0

function init(arguments)
  wrk.headers["user-agent"] = arguments[1]
  for index = 2, #arguments do
    requests[index - 1] = wrk.format("GET", arguments[index])
  end
end

function request()
  sent = sent + 1
  return requests[sent % #requests + 1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"micros":%d,"errors":%d,"p50Micros":%d,"p99Micros":%d}\n',
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
