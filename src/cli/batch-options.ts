import type { BatchOptions } from '../workflow/batch/types.ts'
import type { Invocation } from './command.ts'
import { bad } from './options/parsers.ts'
import { faultOf } from './options/source.ts'
import { runOptions } from './run-options.ts'
import type { Table } from './table/read.ts'

/** What the options say of a batch. Throws BAD_OPTION. */
export function batchOptions(invocation: Invocation, { rows }: Table): BatchOptions {
  const { values } = invocation
  const { template, to, clone, jobs, seed, resume, stamp } = values
  return {
    rows,
    ...runOptions(invocation),
    ...(template === undefined ? {} : { template: template.value }),
    ...(to === undefined ? {} : { to: to.value }),
    ...(clone === undefined ? {} : { clone: clone.value }),
    ...(jobs === undefined ? {} : { jobs: jobs.value }),
    ...(seed === undefined ? {} : { seed: seed.value }),
    ...(resume === undefined ? {} : { resume: resume.value }),
    ...(stamp === undefined ? {} : { stamp: stamp.value }),
    hosts: hostsOf(values.hosts),
  }
}

function hostsOf(hosts: Invocation['values']['hosts']): 'all' | 'own' {
  const [first = 'all', other] = new Set(hosts?.value.filter((one) => typeof one === 'string'))
  if (hosts !== undefined && other !== undefined)
    throw faultOf(hosts.source, bad('all contradicts own', 'Give one of the two.'))
  return first
}
