import { redisFailureMatrix } from "../support/redis-failure-matrix.ts";

await redisFailureMatrix("RESP");
