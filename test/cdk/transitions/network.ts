import type { Resource, Templates } from "../synthesized.ts";

/** A resource of the deployed templates by `stack/logical ID`, which is how values refer to it. */
export type Places = Map<string, Resource>;

interface Rule {
  group: string;
  /** Another group, or a range of addresses. */
  peer: string;
  port: number;
}

/** A thing with its stack. */
interface Thing {
  stack: string;
  place: string;
  of: Resource["Properties"];
}

/** The deployed network: what there is, who lets whom through, and where routes lead. */
export interface Network {
  places: Places;
  byType: ReadonlyMap<string, readonly Thing[]>;
  read(stack: string, value: unknown): string;
  egress: Rule[];
  ingress: Rule[];
}

export const ANYWHERE = "0.0.0.0/0";

/** `read` yields `stack/LogicalId.Attribute`, with exports followed; `missing` where nothing exports what is imported. */
export function networkOf(templates: Templates): Network {
  const places: Places = new Map();
  const exported = new Map<string, [string, unknown]>();
  for (const [stack, { Resources, Outputs = {} }] of Object.entries(templates)) {
    for (const [id, resource] of Object.entries(Resources)) places.set(`${stack}/${id}`, resource);
    for (const { Value, Export } of Object.values(Outputs))
      if (Export) exported.set(Export.Name, [stack, Value]);
  }
  const read = (stack: string, value: unknown): string => {
    if (typeof value !== "object" || value === null) return String(value);
    if (Array.isArray(value)) return value.map((item) => read(stack, item)).join(",");
    const [[name, argument]] = Object.entries(value) as [[string, unknown]];
    const list = argument as unknown[];
    if (name === "Ref") return `${stack}/${argument}`;
    if (name === "Fn::GetAtt") return `${stack}/${list[0]}.${list[1]}`;
    if (name === "Fn::Join") return (list[1] as unknown[]).map((item) => read(stack, item)).join("");
    if (name === "Fn::ImportValue") {
      const found = exported.get(String(argument));
      return found ? read(...found) : "missing";
    }
    return JSON.stringify(value);
  };
  const rules = (direction: "Egress" | "Ingress"): Rule[] =>
    [...places].flatMap(([place, { Type, Properties }]) => {
      const stack = place.split("/")[0] as string;
      if (Type === `AWS::EC2::SecurityGroup${direction}`) {
        const peer = direction === "Egress" ? "DestinationSecurityGroupId" : "SourceSecurityGroupId";
        const group = read(stack, Properties.GroupId);
        return [{ group, peer: read(stack, Properties[peer] ?? Properties.CidrIp), port: Properties.ToPort }];
      }
      if (Type !== "AWS::EC2::SecurityGroup") return [];
      const inline = (Properties[`SecurityGroup${direction}`] ?? []) as { CidrIp: string; ToPort: number }[];
      return inline.map(({ CidrIp, ToPort }) => ({
        group: `${place}.GroupId`,
        peer: read(stack, CidrIp),
        port: ToPort,
      }));
    });
  const things = [...places].map(([place, { Type, Properties }]) => {
    return { type: Type, stack: place.split("/")[0] as string, place, of: Properties };
  });
  const byType = Map.groupBy(things, ({ type }) => type);
  return { places, byType, read, egress: rules("Egress"), ingress: rules("Ingress") };
}

/** Whether a member of one of the groups gets through to a member of one of the others. */
export function connects(network: Network, from: string[], to: string[], port: number): boolean {
  return from.some((group) =>
    to.some((target) => {
      const leaves = (peer: string) =>
        network.egress.some((rule) => rule.group === group && rule.port === port && rule.peer === peer);
      return (
        (leaves(target) || leaves(ANYWHERE)) &&
        network.ingress.some((rule) => rule.group === target && rule.port === port && rule.peer === group)
      );
    }),
  );
}

/** The things of a type. */
export function all({ byType }: Network, type: string): readonly Thing[] {
  return byType.get(type) ?? [];
}

function routeTableOf(network: Network, subnet: string): string | undefined {
  const found = all(network, "AWS::EC2::SubnetRouteTableAssociation").find(
    ({ stack, of }) => network.read(stack, of.SubnetId) === subnet,
  );
  return found && network.read(found.stack, found.of.RouteTableId);
}

/** Where a subnet's route to everywhere leads, if to something that is there. */
function wayOut(network: Network, subnet: string): string | undefined {
  const table = routeTableOf(network, subnet);
  const route = all(network, "AWS::EC2::Route").find(
    ({ stack, of }) => network.read(stack, of.RouteTableId) === table && of.DestinationCidrBlock === ANYWHERE,
  );
  if (!route) return undefined;
  const { NatGatewayId, NetworkInterfaceId, InstanceId, GatewayId } = route.of;
  const place = network.read(route.stack, NatGatewayId ?? NetworkInterfaceId ?? InstanceId ?? GatewayId);
  return network.places.has(place.split(".")[0] as string) ? place : undefined;
}

/** Whether members of the groups in the subnets reach the internet over HTTPS. */
export function reachesInternet(network: Network, groups: string[], subnets: string[]): boolean {
  const open = network.egress.some(
    ({ group, peer, port }) => groups.includes(group) && peer === ANYWHERE && port === 443,
  );
  return open && subnets.length > 0 && subnets.every((subnet) => wayOut(network, subnet) !== undefined);
}

/** Whether they reach an API of AWS: by its endpoint in the network, or over the internet. */
export function reachesAws(network: Network, service: string, groups: string[], subnets: string[]): boolean {
  const endpoints = all(network, "AWS::EC2::VPCEndpoint").filter(({ stack, of }) =>
    network.read(stack, of.ServiceName).endsWith(`.${service}`),
  );
  const byEndpoint = endpoints.some(({ stack, of }) =>
    of.VpcEndpointType === "Gateway"
      ? byGateway(network, list(network.read(stack, of.RouteTableIds)), groups, subnets)
      : connects(network, groups, list(network.read(stack, of.SecurityGroupIds)), 443),
  );
  return byEndpoint || reachesInternet(network, groups, subnets);
}

/** A gateway endpoint is a route to addresses of AWS, which are outside the network: the groups have to let them out. */
function byGateway(network: Network, tables: string[], groups: string[], subnets: string[]): boolean {
  return (
    subnets.every((subnet) => tables.includes(routeTableOf(network, subnet) ?? "none")) &&
    network.egress.some(
      ({ group, peer, port }) => groups.includes(group) && peer === ANYWHERE && port === 443,
    )
  );
}

export function list(value: string): string[] {
  return value === "" ? [] : value.split(",");
}
