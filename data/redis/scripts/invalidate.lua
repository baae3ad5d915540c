-- Deletes keys and moves fences, so that no reader of the old values can fill.
--
-- KEYS       the keys to delete, then the fences to move
-- deletions  how many keys to delete
-- token      unique to this write
-- fenceTtl   lifetime of a fence, s
local deletions, token, fenceTtl = unpack(ARGV)

local lastKey = tonumber(deletions)
for i = 1, lastKey do redis.call('DEL', KEYS[i]) end
for i = lastKey + 1, #KEYS do redis.call('SET', KEYS[i], token, 'EX', fenceTtl) end
return 1
