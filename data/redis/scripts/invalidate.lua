-- Deletes keys, moves fences, so that no reader of the old values can fill, and takes a writer's marks away: a key is
-- open again unless another writer's mark stands.
--
-- KEYS       the keys that readers fill, then their fences, then their marks, then keys that are only deleted
-- guarded    how many keys readers fill
-- mark       of the change
-- token      unique to this write
-- fenceTtl   lifetime of a fence, s
local guarded, mark, token, fenceTtl = unpack(ARGV)

local count = tonumber(guarded)
for i = 1, count do
  redis.call('DEL', KEYS[i])
  redis.call('SET', KEYS[count + i], token, 'EX', fenceTtl)
  redis.pcall('HDEL', KEYS[2 * count + i], mark)
end
for i = 3 * count + 1, #KEYS do redis.call('DEL', KEYS[i]) end
return 1
