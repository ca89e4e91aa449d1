/** A promise that is settled from outside; its failure is never unhandled. */
export function gate(): { passed: Promise<void>; pass: () => void; fail: () => void } {
  let pass = (): void => {}
  let fail = (): void => {}
  const passed = new Promise<void>((resolve, reject) => {
    pass = resolve
    fail = () => reject(new Error('failed'))
  })
  passed.catch(() => {})
  return { passed, pass, fail }
}
