-- Opens the fences of many keys.
--
-- KEYS       the fences
-- token      unique to this reader
-- fenceTtl   lifetime of a fence, s
--
-- Returns the token that guards each key from now on.
local token, fenceTtl = unpack(ARGV)

-- include open-fence

local tokens = {}
for i, fenceKey in ipairs(KEYS) do tokens[i] = openFence(fenceKey, token, fenceTtl) end
return tokens
