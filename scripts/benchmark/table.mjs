/** What was measured beside what, and what is wanted of it. `parts`: what the parts of a run gave, by name. */
export function rowsOf({ parts, cores }) {
  const { peers, keys, single, linked, unstamped, many, kept, full, copies, plans } = parts
  const rows = []
  const add = (needed, row) => {
    if (needed.every((part) => part !== undefined)) rows.push(row())
  }
  add([peers], () => ({ what: 'virt-sysprep, then virt-customize', ...one(peers.all), each: 'clone' }))
  add([single, peers], () => ({
    what: 'one fix in place',
    ...one(single),
    ...ratio(single.wall / peers.customize.wall, 'of one virt-customize', 0.6),
  }))
  const perClone = (name, part, factor) =>
    add([part, peers], () => ({
      what: `${part.clones} linked clones${name}`,
      ...one(part),
      ...speed(peers.all.wall / (part.wall / part.clones), factor),
    }))
  perClone('', linked, 60)
  perClone(', --no-stamp', unstamped, 40)
  add([keys], () => ({
    what: `host keys alone, by ssh-keygen on ${cores} cores`,
    ...one(keys),
    each: 'clone',
  }))
  add([many, keys], () => ({
    what: `${many.clones} linked clones`,
    ...one(many),
    ...limit(many.wall, 1.15 * keys.wall * many.clones + 30, '1.15 × their keys alone + 30 s'),
  }))
  add([kept], () => ({
    what: `${kept.clones} linked clones, --ssh-keys keep`,
    ...one(kept),
    ...limit(kept.wall, 40, '40 s'),
  }))
  add([copies], () => ({
    what: `${copies.clones} plain copies of the flattened disk of ${copies.mebibytes} MiB`,
    ...one(copies),
  }))
  add([full, copies], () => ({
    what: `${full.clones} full clones`,
    ...one(full),
    ...ratio(full.wall / copies.wall, 'of plain copies', 1.3),
  }))
  add([plans], () => ({
    what: `${plans.clones} clones planned, --dry-run --json`,
    ...one(plans),
    ...limit(plans.planning.wall, 10, '10 s without the appliance'),
  }))
  add([many], () => ({ what: `memory of Node, ${many.clones} linked clones`, ...memory(many.peak, 200) }))
  add([plans], () => ({ what: `memory of Node, ${plans.clones} plans`, ...memory(plans.peak, 500) }))
  return rows
}

const one = ({ wall, cpu }) => ({ seconds: wall, cpuSeconds: cpu })
const ratio = (value, of, most) => ({
  result: `${value.toFixed(2)} ${of}`,
  wanted: `≤ ${most}`,
  met: value <= most,
})
const speed = (value, least) => ({
  result: `${value.toFixed(0)} times faster per clone`,
  wanted: `≥ ${least}`,
  met: value >= least,
})
const limit = (seconds, most, how) => ({
  result: `${seconds.toFixed(1)} s of ${most.toFixed(0)} s`,
  wanted: `≤ ${how}`,
  met: seconds <= most,
})
const memory = (mebibytes, most) => ({
  result: `${mebibytes.toFixed(0)} MiB`,
  wanted: `< ${most} MB`,
  met: mebibytes * 1.048576 < most,
})

/** The rows as a table in Markdown. */
export function markdown(rows) {
  const seconds = (value) =>
    value === undefined ? '' : `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`
  const cells = rows.map((row) => [
    row.what,
    seconds(row.seconds) + (row.each ? ` a ${row.each}` : ''),
    seconds(row.cpuSeconds),
    row.result ?? '',
    row.wanted ?? '',
    row.met === undefined ? '' : row.met ? 'yes' : 'no',
  ])
  const heads = ['what', 'time', 'CPU', 'result', 'wanted', 'met']
  const widths = heads.map((head, at) => Math.max(head.length, ...cells.map((row) => row[at].length)))
  const line = (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`
  return [
    line(heads),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...cells.map(line),
  ].join('\n')
}

/** One sentence on the host. */
export function hostLine({ host }) {
  const { cpu, cores, memoryGiB, os, kernel, node, qemu, libguestfs, openssh, accelerator } = host
  const programs = `Node ${node}, qemu ${qemu}, libguestfs ${libguestfs}, virt-sysprep ${host['virt-sysprep']}, ${openssh}`
  return `${cores} × ${cpu}, ${memoryGiB} GiB, ${os} (Linux ${kernel}); ${programs}; appliances by ${accelerator}.`
}
