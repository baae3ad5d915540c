-- Gives a lease back. One that has passed to another holder stays.
local leaseKey = unpack(KEYS)
local holder = unpack(ARGV)

if redis.pcall('GET', leaseKey) == holder then redis.call('DEL', leaseKey) end
return 1
