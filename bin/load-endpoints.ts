import { folderOf, type Route, type RouteName, routes } from "../functions/manifest.ts";

/**
 * Loads one module of each endpoint's folder, so that an endpoint is known by its line of the manifest alone.
 *
 * @param load imports the module of a folder, given by its parts; what it exports is checked at run time, since the compiler does not
 * follow a name that is put together
 * @param name the export that is asked for
 * @throws Error naming the file that lacks it
 */
export async function loadEndpoints<T>(
  file: "endpoint" | "operation",
  load: (folder: [lambda: string, own?: string]) => Promise<Record<string, unknown>>,
  name: string,
): Promise<Record<RouteName, T>> {
  const loaded = (routes as readonly Route[]).map(async (route) => {
    const folder = folderOf(route);
    const { [name]: found } = await load(folder.split("/") as [string, string?]);
    if (!found) throw new Error(`functions/${folder}/${file}.ts exports no ${name}`);
    return [route.name, found as T] as const;
  });
  return Object.fromEntries(await Promise.all(loaded)) as Record<RouteName, T>;
}
