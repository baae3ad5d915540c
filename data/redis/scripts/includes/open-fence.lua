-- Opens a fence for `seconds`, unless one stands. Returns the token that guards the key from now on.
local function openFence(key, candidate, seconds)
  local standing = redis.pcall('GET', key)
  if type(standing) == 'string' then return standing end
  redis.call('SET', key, candidate, 'EX', seconds)
  return candidate
end
