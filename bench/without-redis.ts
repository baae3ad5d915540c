/** Nobody listens there: Redis is away, the breaker soon knows, and that this is logged is no news here. */
export const WITHOUT_REDIS = { REDIS_URL: "redis://127.0.0.1:1", LOG_LEVEL: "ERROR" };
