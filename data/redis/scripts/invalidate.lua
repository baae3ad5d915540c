-- Deletes keys, moves fences, so that no reader of the old values can fill, and takes a writer's marks away: a key is
-- open again unless another writer's mark stands.
--
-- KEYS       the keys that readers fill, then their fences, then their marks, then keys that are only deleted
-- guarded    how many keys readers fill
-- marks      by which the keys are closed: for each key those of its changes, separated by spaces, and by commas between keys
-- token      unique to this write
-- fenceTtl   lifetime of a fence, s
local guarded, marks, token, fenceTtl = unpack(ARGV)

local count = tonumber(guarded)
local place = 0
for ofKey in string.gmatch(marks, '[^,]+') do
  place = place + 1
  redis.call('DEL', KEYS[place])
  redis.call('SET', KEYS[count + place], token, 'EX', fenceTtl)
  for mark in string.gmatch(ofKey, '[^ ]+') do redis.pcall('HDEL', KEYS[2 * count + place], mark) end
end
for i = 3 * count + 1, #KEYS do redis.call('DEL', KEYS[i]) end
return 1
