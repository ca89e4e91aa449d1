/**
 * True for what this process was given open, such as its standard output. It may lead to a file that others write to as well:
 * it is written on at its end.
 */
export function isDescriptor(file: string): boolean {
  return /^\/(?:dev\/(?:stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/.test(file)
}
