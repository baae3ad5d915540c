-- The value of a counter, or nil if there is none or it holds something else. `parseCount` reads it the same way.
local function countOf(value)
  return type(value) == 'string' and #value <= 15 and string.find(value, '^%d+$') and tonumber(value) or nil
end
