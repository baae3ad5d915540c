-- Opens a fence for `seconds`, unless one stands. Returns the token that guards the key from now on, and whether the key
-- is closed: a mark stands, so that a change of the key is under way. The token of a closed key starts with '~', which
-- never allows a fill: the first caller to open the fence after the key has reopened replaces it.
--
-- A mark is a field of a hash, named by its writer; its value says until when it stands, in Unix ms by this server's
-- clock. Those of writers that died are removed here. One function, since each scan pays for every closure of its script.
local function openFence(key, marksKey, candidate, seconds)
  local closed = false
  local marks = redis.pcall('HGETALL', marksKey)
  if #marks > 0 then
    local time = redis.call('TIME')
    local serverMs = time[1] * 1000 + time[2] / 1000
    for i = 1, #marks, 2 do
      if (tonumber(marks[i + 1]) or 0) > serverMs then closed = true else redis.call('HDEL', marksKey, marks[i]) end
    end
  end
  local standing = redis.pcall('GET', key)
  if type(standing) == 'string' and (string.sub(standing, 1, 1) == '~') == closed then return standing, closed end
  local fresh = closed and '~' .. candidate or candidate
  redis.call('SET', key, fresh, 'EX', seconds)
  return fresh, closed
end
