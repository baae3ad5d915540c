import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Resource } from "../synthesized.ts";

/** The part of the CDK's database of CloudFormation's resource types that says what an update replaces. */
interface Property {
  type: PropertyType;
  causesReplacement?: "yes" | "no" | "maybe";
}
interface PropertyType {
  type: string;
  reference?: { $ref: string };
  element?: PropertyType;
}
interface Entity {
  $id: string;
  cloudFormationType?: string;
  primaryIdentifier?: string[];
  properties: Record<string, Property>;
}
interface Database {
  schema: Record<"resource" | "typeDefinition", { entities: Entity[] }>;
}

/** The CDK's command line computes `cdk diff` from it. */
const { schema } = JSON.parse(
  String(
    gunzipSync(
      readFileSync(
        join(dirname(createRequire(import.meta.url).resolve("aws-cdk/package.json")), "db.json.gz"),
      ),
    ),
  ),
) as Database;
const resourceTypes = new Map(
  schema.resource.entities.map((entity) => [entity.cloudFormationType as string, entity]),
);
const structures = new Map(schema.typeDefinition.entities.map((entity) => [entity.$id, entity]));

/** Names that CloudFormation's schemas do not call an identifier, but that AWS wants to be unique all the same. */
const UNIQUE: Record<string, string[]> = {
  "AWS::MSK::Cluster": ["ClusterName"],
  "AWS::MSK::Configuration": ["Name"],
  "AWS::Route53::RecordSet": ["Name", "Type"],
  "AWS::ApiGatewayV2::DomainName": ["DomainName"],
  "AWS::Cognito::UserPoolDomain": ["Domain"],
};

/** The properties whose change makes CloudFormation replace a resource, as paths: `BrokerNodeGroupInfo.ClientSubnets`. */
export function replacingChanges(before: Resource, after: Resource): string[] {
  if (before.Type !== after.Type) return ["Type"];
  const entity = resourceTypes.get(before.Type);
  return entity ? changesIn(entity, before.Properties ?? {}, after.Properties ?? {}) : [];
}

type Values = Record<string, unknown>;

function changesIn(entity: Entity, before: Values, after: Values): string[] {
  return Object.entries(entity.properties).flatMap(([name, { type, causesReplacement }]) => {
    const [one, other] = [before[name], after[name]];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    if (causesReplacement === "yes") return [name];
    const structure = structures.get(type.reference?.$ref ?? "");
    if (!structure || !isStructure(one) || !isStructure(other)) return [];
    return changesIn(structure, one, other).map((path) => `${name}.${path}`);
  });
}

function isStructure(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The name that a resource is given by its template and that only one can have; none if CloudFormation makes one up. */
export function fixedNameOf({ Type, Properties = {} }: Resource): string | undefined {
  const identifiers = UNIQUE[Type] ?? resourceTypes.get(Type)?.primaryIdentifier ?? [];
  const values = identifiers.map((name) => Properties[name]);
  if (values.length === 0 || !values.every((value) => typeof value === "string")) return undefined;
  return `${Type} ${values.join(" ")}`;
}
