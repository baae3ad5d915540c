-- Closes keys before a change to what they hold is committed: deletes them, refuses the fills of readers that have
-- already read the database, and sets a mark on each.
--
-- KEYS       the keys, then their fences, then their marks
-- marks      of the change, one for each key, separated by commas
-- lifetime   of a mark, ms: the key reopens after this even if its writer died
local marks, lifetime = unpack(ARGV)

local time = redis.call('TIME')
local expiresAt = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + lifetime)
local count = #KEYS / 3
local i = 0
for mark in string.gmatch(marks, '[^,]+') do
  i = i + 1
  local key, fenceKey, markKey = KEYS[i], KEYS[count + i], KEYS[2 * count + i]
  -- First, since a server that is full takes a HSET only in a script that has deleted something.
  redis.call('DEL', key)
  -- The token of a closed key allows no fill anyway, and scans that hold it may still count.
  local standing = redis.pcall('GET', fenceKey)
  if type(standing) ~= 'string' or string.sub(standing, 1, 1) ~= '~' then redis.call('DEL', fenceKey) end
  if redis.call('TYPE', markKey).ok ~= 'hash' then redis.call('DEL', markKey) end
  redis.call('HSET', markKey, mark, expiresAt)
  redis.call('PEXPIRE', markKey, lifetime)
end
return 1
