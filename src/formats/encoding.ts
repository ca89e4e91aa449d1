import iconv from 'iconv-lite'
import { type ByteText, fromByteText, toByteText } from './bytes.ts'

/** A character encoding that has ASCII as its lower half, over byte text. */
export interface Encoding {
  /** As the file names it. */
  readonly name: string
  /** False where the name is not known: then only ASCII can be read and written. */
  readonly known: boolean
  /** Undefined if bytes above 0x7F are met in an unknown encoding; bytes that it does not assign become U+FFFD. */
  decode(bytes: ByteText): string | undefined
  /** Undefined if a character cannot be held. */
  encode(text: string): ByteText | undefined
}

/** ICU's names and aliases as open-vm-tools lists them, without case, dashes and underscores, to iconv-lite's. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/^(utf8|cp65001|usascii|ascii|ansix341968)$/, 'utf8'],
  [/^(gbk|cp936|ms936|windows936(2000)?|ibm1386(p1002001)?|gb2312|gb231280|euccn|xgbk)$/, 'gbk'],
  [/^(gb18030|windows54936|ibm1392)$/, 'gb18030'],
  [/^(big5|windows950(2000)?|cp950|ms950|xbig5|xwindows950|ibm1373(p1002002)?)$/, 'cp950'],
  [/^big5hkscs$/, 'big5hkscs'],
  [
    /^(shiftjis|sjis|xsjis|mskanji|cs(shiftjis|windows31j)|windows(31j|932)|cp932|cp943c?|ms932|ibm943(p(15a|130)\d{4})?|ibm943c?)$/,
    'shiftjis',
  ],
  [/^(eucjp|xeucjp|ibm33722\w*)$/, 'eucjp'],
  [
    /^(windows949(2000)?|cp949c?|ms949|ksc56011987|ksc56011989|ksc5601|ks(c5601|x1001)(1992)?|korean|csksc56011987|isoir149|euckr|uhc|ibm136(2|3)\w*|ibm949\w*)$/,
    'cp949',
  ],
  [/^(koi8r|cp878|ibm878\w*)$/, 'koi8-r'],
  [/^koi8u$/, 'koi8-u'],
]

/** Windows code pages by the IBM number of ICU's table. */
const IBM: Readonly<Record<string, string>> = {
  5346: '1250',
  5347: '1251',
  5348: '1252',
  5349: '1253',
  5350: '1254',
  9447: '1255',
  9448: '1256',
  9449: '1257',
  5354: '1258',
}

const encodings = new Map<string, Encoding>()

/** The encoding that a `.encoding` key names. An unknown name gives one that holds ASCII only. */
export function encodingNamed(name: string): Encoding {
  const known = encodings.get(name) ?? findEncoding(name)
  encodings.set(name, known)
  return known
}

function findEncoding(name: string): Encoding {
  const codec = codecName(name)
  return codec === undefined ? asciiOnly(name) : { name, known: true, ...codecFunctions(codec) }
}

/** UTF-8, VMware's default, for files that state nothing. */
export const UTF8: Encoding = encodingNamed('UTF-8')

function codecName(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  const alias = ALIASES.find(([pattern]) => pattern.test(plain))
  if (alias) return alias[1]
  const windows = /^(?:windows|cp|ansi|xcp)(125[0-8]|874)(?:2000)?$/.exec(plain)
  if (windows) return `windows-${windows[1]}`
  const ibm = /^ibm(\d{4})/.exec(plain)
  if (ibm && IBM[ibm[1] as string]) return `windows-${IBM[ibm[1] as string]}`
  const iso = /^iso8859(1[0-6]|[1-9])$/.exec(plain) ?? (/^latin1$/.test(plain) ? ['', '1'] : undefined)
  if (iso && iso[1] !== '12') return `iso-8859-${iso[1]}`
  const dos = /^(?:ibm|cp)(437|737|775|850|852|855|857|858|860|861|862|863|865|866|869)/.exec(plain)
  return dos ? `cp${dos[1]}` : undefined
}

function codecFunctions(codec: string): Pick<Encoding, 'decode' | 'encode'> {
  const isPlain = (text: string) => /^[\0-\x7f]*$/.test(text)
  const decode = (bytes: ByteText) =>
    isPlain(bytes) ? bytes : iconv.decode(Buffer.from(fromByteText(bytes)), codec, { stripBOM: false })
  return {
    decode,
    encode(text) {
      if (isPlain(text)) return text
      const bytes = toByteText(iconv.encode(text, codec, { addBOM: false }))
      return decode(bytes) === text ? bytes : undefined
    },
  }
}

function asciiOnly(name: string): Encoding {
  const ascii = (text: string) => (/^[\0-\x7f]*$/.test(text) ? text : undefined)
  return { name, known: false, decode: ascii, encode: ascii }
}
