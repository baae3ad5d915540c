-- include count-of

-- Raises a counter to `least` if it is lower, absent or no number. An existing one keeps its lifetime; a new one
-- lives `ttl` seconds, or without end if `ttl` is '0'. Never creates a counter of 0.
local function raiseCounter(counterKey, least, ttl)
  local value = redis.pcall('GET', counterKey)
  if (countOf(value) or 0) >= tonumber(least) then return end
  if value then
    redis.call('SET', counterKey, least, 'KEEPTTL')
  elseif ttl == '0' then
    redis.call('SET', counterKey, least)
  else
    redis.call('SET', counterKey, least, 'EX', ttl)
  end
end
