import { describe, expect, test } from 'vitest'
import { parseCrypttab } from '../../src/guest/storage/crypttab.ts'
import type { BlockFact, RootFact } from '../../src/guest/storage/facts.ts'
import { KeyRing } from '../../src/guest/storage/keys.ts'
import { chooseRoot, planMounts } from '../../src/guest/storage/layout.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

describe('keys', () => {
  test('those of the volume and those of all are tried, text without its newline first', () => {
    const keys = new KeyRing([
      { device: '/dev/sda3', secret: bytes('one\n') },
      { device: '/dev/sdb', secret: bytes('two') },
      { device: 'all', secret: bytes('three\r\n') },
      { device: 'all', secret: Uint8Array.of(0, 10) },
    ])
    expect(keys.secretsFor(['/dev/sda3']).map((one) => Buffer.from(one).toString())).toEqual([
      'one',
      'one\n',
      'three',
      'three\r\n',
      '\0\n',
    ])
  })

  test('what was asked for is kept for all volumes', async () => {
    const answers = ['wrong', 'right']
    const keys = new KeyRing([], async () => bytes(answers.shift() ?? ''))
    const tried: string[] = []
    const attempt = async (secret: Uint8Array) => {
      tried.push(Buffer.from(secret).toString())
      return tried.length === 2
    }
    expect(await keys.ask({ device: '/dev/sda3' }, attempt)).toBe(true)
    expect(tried).toEqual(['wrong', 'right'])
    expect(keys.secretsFor([])).toEqual([bytes('right')])
  })

  test('three wrong answers, an empty one or none are enough', async () => {
    const wrong = async () => false
    let asked = 0
    const keys = new KeyRing([], async () => bytes(`${asked++}`))
    expect(await keys.ask({ device: '/dev/sda3' }, wrong)).toBe(false)
    expect(asked).toBe(3)
    expect(await new KeyRing([], async () => undefined).ask({ device: '/dev/sda3' }, wrong)).toBe(false)
    const right = async () => true
    expect(await new KeyRing([], async () => bytes('')).ask({ device: '/dev/sda3' }, right)).toBe(false)
  })
})

describe('encrypted volumes in fstab', () => {
  const volume: BlockFact = { device: '/dev/sda3', type: 'crypto_LUKS', uuid: 'aa-bb' }
  const plain: BlockFact = { device: '/dev/mapper/crypt_sda3', type: 'ext4', container: '/dev/sda3' }
  const root = (fstab: string): RootFact => ({
    device: '/dev/sda1',
    type: 'ext4',
    title: 'Debian',
    fstab,
    crypttab: '# comment\nvar_crypt\tUUID="aa-bb" none luks\nbroken\n',
  })
  const devices = (blocks: readonly BlockFact[], fstab: string) =>
    planMounts(blocks, root(fstab)).map(({ device }) => device)

  test('are found by crypttab’s name and by systemd’s', () => {
    expect(parseCrypttab(root('').crypttab ?? '')).toEqual(new Map([['var_crypt', 'UUID=aa-bb']]))
    for (const name of ['var_crypt', 'luks-aa-bb'])
      expect(devices([volume, plain], `/dev/mapper/${name} /var ext4`)).toEqual([
        '/dev/sda1',
        '/dev/mapper/crypt_sda3',
      ])
  })

  test('are refused while they are locked', () => {
    expect(() => devices([volume], '/dev/mapper/var_crypt /var ext4')).toThrow('/dev/sda3')
    expect(() => chooseRoot([volume], [])).toThrow('encrypted')
    expect(() => chooseRoot([volume, plain], [])).toThrow('no Linux root directory')
  })

  test('an array goes by the guest’s own name', () => {
    const array: BlockFact = { device: '/dev/md127', type: 'ext4', aliases: ['/dev/md/0', '/dev/md0'] }
    expect(devices([array], '/dev/md0 /var ext4')).toEqual(['/dev/sda1', '/dev/md127'])
  })
})
