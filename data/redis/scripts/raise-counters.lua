-- Raises counters to at least the given figures, each only while a fence holds its token.
--
-- KEYS       pairs of fence and counter
-- ARGV       for each pair: the fence's token, the figure, and the lifetime of a new counter, s ('0': without end)

-- include raise-counter

for i = 1, #KEYS / 2 do
  local fenceKey, counterKey = KEYS[2 * i - 1], KEYS[2 * i]
  local token, least, ttl = unpack(ARGV, 3 * i - 2, 3 * i)
  if redis.call('GET', fenceKey) == token then raiseCounter(counterKey, least, ttl) end
end
return 1
