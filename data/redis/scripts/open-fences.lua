-- Opens the fences of many keys.
--
-- KEYS       the fences, then the marks of the same keys
-- token      unique to this reader
-- fenceTtl   lifetime of a fence, s
--
-- Returns the token that guards each key from now on; it starts with '~' if the key is closed.
local token, fenceTtl = unpack(ARGV)

-- include open-fence

local tokens = {}
local count = #KEYS / 2
for i = 1, count do tokens[i] = (openFence(KEYS[i], KEYS[count + i], token, fenceTtl)) end
return tokens
