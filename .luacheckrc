-- The Lua of Redis (https://redis.io/docs/latest/develop/interact/programmability/lua-api/).
std = "lua51"
read_globals = { "redis", "KEYS", "ARGV" }
max_line_length = 120
