-- Takes a lease, or renews it for its holder. Returns 1 if the caller holds it from now on, else 0.
--
-- holder     unique to the caller
-- leaseMs    how long the lease lasts, ms
local leaseKey = unpack(KEYS)
local holder, leaseMs = unpack(ARGV)

local standing = redis.pcall('GET', leaseKey)
if type(standing) == 'string' and standing ~= holder then return 0 end
redis.call('SET', leaseKey, holder, 'PX', leaseMs)
return 1
