-- Stores an entry behind its fence.
--
-- fence      the token that the miss returned
-- value      JSON
-- entryTtl   lifetime of the entry, s
--
-- Returns 1, or 0 if the fence moved or is gone, or the key was closed at the miss: then nothing is stored.
local entryKey, fenceKey = unpack(KEYS)
local fence, value, entryTtl = unpack(ARGV)

if string.sub(fence, 1, 1) == '~' or redis.call('GET', fenceKey) ~= fence then return 0 end
redis.call('SET', entryKey, value, 'EX', entryTtl)
return 1
