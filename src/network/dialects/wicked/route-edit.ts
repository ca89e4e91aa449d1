import type { GuestTree } from '../../../guest/tree.ts'
import type { NicAddressing } from '../../model.ts'
import { deviceOf, ROUTES, routesFile, type WickedFile } from './files.ts'
import { firstOf } from './read.ts'
import { addDefaultRoute, type DefaultRoute, defaultRoutes, isOurs, setDefaultRoute } from './routes.ts'

/** The files of routes as they are to be; `own` undefined where there is none and none is needed. */
export interface RouteFiles {
  readonly own: string | undefined
  readonly shared: string
}

/** Gives an interface its default routes: where they stand now, else in a line of its own file. */
export function editRoutes(
  tree: GuestTree,
  file: WickedFile,
  files: readonly WickedFile[],
  want: NicAddressing,
): RouteFiles {
  const now = { own: tree.text(routesFile(file)), shared: tree.text(ROUTES) ?? '' }
  const ipv4 = want.ipv4 ? edit(now, 4, want.ipv4.method === 'static' ? want.ipv4.gateway : undefined) : now
  return want.ipv6 ? edit(ipv4, 6, want.ipv6.gateway) : ipv4

  function edit({ own, shared }: RouteFiles, family: 4 | 6, gateway: string | undefined): RouteFiles {
    const wanted = family === 6 ? want.ipv6 : want.ipv4?.method === 'static' ? want.ipv4 : undefined
    const subnets = [firstOf(file, family), wanted].flatMap((one) =>
      one?.prefix === undefined ? [] : [{ address: one.address, prefix: one.prefix }],
    )
    const place = { device: deviceOf(file), subnets, alone: files.length === 1 }
    const ofFamily = (route: DefaultRoute) => route.family === family
    const ours = (route: DefaultRoute) => ofFamily(route) && isOurs(route, place)
    const inOwn = own !== undefined && defaultRoutes(own).some(ofFamily)
    const inShared = defaultRoutes(shared).some(ours)
    const nextOwn = own === undefined ? undefined : setDefaultRoute(own, ofFamily, gateway)
    const nextShared = setDefaultRoute(shared, ours, inOwn ? undefined : gateway)
    if (gateway === undefined || inOwn || inShared) return { own: nextOwn, shared: nextShared }
    return { own: addDefaultRoute(own ?? '', gateway, place.device ?? '-'), shared }
  }
}
