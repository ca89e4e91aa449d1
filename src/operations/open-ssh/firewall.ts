import type { GuestRead, GuestTree } from '../../guest/tree.ts'
import type { Notice } from '../../notices.ts'
import type { WriteChange } from '../../transaction/change.ts'
import { rewrite } from '../edit.ts'
import type { OperationPlan } from '../operation.ts'
import type { Survey } from '../survey.ts'

/** A way to configure a firewall. */
export interface Firewall {
  readonly reads: readonly GuestRead[]
  /** Lets new TCP connections to these ports in, where this firewall is in force: adds what lacks, and nothing else. */
  open(survey: Survey, ports: readonly number[]): OperationPlan
}

/** "the firewall lets TCP port 22 in" */
export function purposeOf(ports: readonly number[]): { operation: string; summary: string } {
  const what = ports.length === 1 ? 'port' : 'ports'
  return { operation: 'open-ssh', summary: `the firewall lets TCP ${what} ${ports.join(', ')} in` }
}

/** A file with `edit` done for each port in turn. */
export function openIn(
  tree: GuestTree,
  path: string,
  ports: readonly number[],
  edit: (text: string, port: number) => string,
): WriteChange[] {
  return rewrite(tree, path, purposeOf(ports), (text) => ports.reduce(edit, text))
}

/** What is said of a firewall that is in force and was not edited. `because`: "it …". */
export function firewallLeft(name: string, because: string): Notice {
  return {
    code: 'firewall-left',
    message: `${name} is in force and was left as it is: ${because}.`,
    hint: 'See whether it lets SSH through, and change it by hand.',
  }
}

/** What is said of a file whose rules come before the one that lets SSH in. */
export function standsInTheWay(path: string, port: number): Notice {
  return {
    code: 'firewall-blocks',
    message: `${path} may turn new connections to TCP port ${port} away before the rule that lets them in.`,
    hint: 'See its rules, and change them by hand.',
  }
}
