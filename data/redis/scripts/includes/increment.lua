-- include count-of

-- Adds one to a counter; one that holds no number starts again.
local function increment(counterKey)
  local count = redis.pcall('INCR', counterKey)
  if type(count) == 'number' then return count end
  -- A server that is full or read-only refuses as well, and must not cost the count.
  local value = redis.pcall('GET', counterKey)
  if value and not countOf(value) then redis.call('DEL', counterKey) end
  return redis.call('INCR', counterKey)
end
