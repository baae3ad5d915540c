// The least of a Lambda runtime: loads the bundle that it is given, and hands it one invocation after the other.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
const [bundle] = process.argv.slice(2);
const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;

const post = (path, body) => fetch(`${api}/${path}`, { method: "POST", body: JSON.stringify(body) });
const described = (error) => ({
  errorType: error?.name ?? "Error",
  errorMessage: String(error?.message ?? error),
});

let handler;
try {
  ({ handler } = await import(bundle));
} catch (error) {
  await post("init/error", described(error));
  process.exit(1);
}

for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const requestId = next.headers.get("lambda-runtime-aws-request-id");
  const deadline = Number(next.headers.get("lambda-runtime-deadline-ms"));
  const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => deadline - Date.now() };
  try {
    const result = await handler(await next.json(), context);
    await post(`invocation/${requestId}/response`, result ?? null);
  } catch (error) {
    await post(`invocation/${requestId}/error`, described(error));
  }
}
