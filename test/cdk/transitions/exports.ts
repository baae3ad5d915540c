import type { Resource, Template, Templates } from "../synthesized.ts";
import { replacingChanges } from "./cloudformation.ts";
import type { Step } from "./deployed.ts";
import { oncePerChange, oncePerTemplate } from "./once.ts";

/** CloudFormation refuses to remove or change an export as long as another stack imports it. */
export function exportProblems(deployed: Templates, { stack, before, after }: Step): string[] {
  const others = Object.entries(deployed).filter(([name]) => name !== stack);
  const [were, are] = [exportsOf(before), exportsOf(after)];
  const replaced = replacedIn(before, after);
  const broken = [...were].flatMap(([name, value]) => {
    const importers = others.filter(([, template]) => importsOf(template).has(name)).map(([other]) => other);
    if (importers.length === 0) return [];
    if (!are.has(name)) return [`the export ${name} vanishes, which ${importers} import`];
    if (are.get(name) !== value) return [`the export ${name} changes, which ${importers} import`];
    const gone = replaced.find(([id]) => value.includes(`"${id}"`));
    return gone
      ? [`the export ${name} changes with ${gone[0]} (${gone[1]}), while ${importers} import it`]
      : [];
  });
  const provided = new Set(others.flatMap(([, template]) => [...exportsOf(template).keys()]));
  const missing = [...importsOf(after)].filter((name) => !provided.has(name));
  return [...broken, ...missing.map((name) => `nothing exports ${name} yet`)];
}

const exportsOf = oncePerTemplate((template): ReadonlyMap<string, string> => {
  const outputs = Object.values(template?.Outputs ?? {});
  return new Map(
    outputs.flatMap(({ Value, Export }): [string, string][] =>
      Export ? [[Export.Name, JSON.stringify(Value)]] : [],
    ),
  );
});

const importsOf = oncePerTemplate((template): ReadonlySet<string> => {
  const names = JSON.stringify(template ?? {}).matchAll(/"Fn::ImportValue":"([^"]+)"/g);
  return new Set([...names].map(([, name]) => name as string));
});

/** Properties that hold a parameter of AWS's own, such as the newest image: each deploy may replace the resource. */
function floating(resource: Resource, template: Template | undefined): string[] {
  const parameters = Object.entries(template?.Parameters ?? {}).filter(([, { Type }]) =>
    Type.startsWith("AWS::SSM::Parameter::Value"),
  );
  return parameters.flatMap(([name]) =>
    replacingChanges(resource, {
      ...resource,
      Properties: JSON.parse(
        JSON.stringify(resource.Properties ?? {}).replaceAll(`{"Ref":"${name}"}`, '"new"'),
      ),
    }),
  );
}

/** Resources that the step replaces by others of the same logical ID, with the properties that cause it. */
export const replacedIn = oncePerChange((before, after): readonly [string, string[]][] =>
  Object.entries(before?.Resources ?? {}).flatMap(([id, resource]): [string, string[]][] => {
    const now = after?.Resources[id];
    const changes = now ? [...replacingChanges(resource, now), ...floating(now, after)] : [];
    return changes.length > 0 ? [[id, changes]] : [];
  }),
);
