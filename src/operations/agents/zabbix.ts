import type { ByteText } from '../../formats/bytes.ts'
import { editLines } from '../../formats/lines.ts'
import type { Identity } from '../../identity/identity.ts'
import { renaming } from '../guest-name.ts'
import type { Survey } from '../survey.ts'

const HOSTNAME = /^(\s*Hostname\s*=\s*)(\S.*?)(\s*)$/
/** What the package's own file says. */
const UNSET = 'Zabbix server'

/** A configuration that gives the agent a name. */
export const ZABBIX_NAME = /^[ \t]*Hostname[ \t]*=[ \t]*(?!Zabbix server[ \t\r]*$)\S/m

/**
 * Puts the clone's name in the place of the one that a Zabbix agent goes by: the old name where it stands, and any other
 * that stands alone. The package's own default stays.
 */
export function newZabbixName(
  survey: Survey,
  { hostname }: Identity,
): ((text: ByteText) => ByteText) | undefined {
  if (hostname === undefined) return undefined
  const { next, rename } = renaming(survey, hostname)
  const own = [next.short, next.fqdn]
  const named = (word: string, alone: boolean): string => {
    const renamed = rename(word)
    if (renamed !== word || !alone || own.includes(word.toLowerCase())) return renamed
    return (word.includes('.') ? next.fqdn : undefined) ?? next.short
  }
  const edit = (line: ByteText): ByteText =>
    line.replace(HOSTNAME, (whole, key: string, value: string, end: string) => {
      const names = value.split(',')
      return value === UNSET
        ? whole
        : key + names.map((name) => named(name, names.length === 1)).join(',') + end
    })
  return (text) => editLines(text, edit)
}
