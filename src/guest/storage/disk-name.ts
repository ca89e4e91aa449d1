/** What libguestfs calls a disk by its place among all, and Linux a SCSI one: "/dev/sda" to "/dev/sdz", then "/dev/sdaa". */
export function diskName(index: number): string {
  let letters = ''
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1)
    letters = String.fromCharCode(97 + (rest % 26)) + letters
  return `/dev/sd${letters}`
}
