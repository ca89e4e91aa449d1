/** Does some work with something that must be closed, and closes it however the work ends. */
export async function closing<R extends { close(): void | Promise<void> }, T>(
  resource: R,
  work: (resource: R) => Promise<T>,
): Promise<T> {
  try {
    return await work(resource)
  } finally {
    await resource.close()
  }
}
