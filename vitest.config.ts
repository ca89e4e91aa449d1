import { defineConfig } from 'vitest/config'
import { FailedLast } from './test/support/failed-last.ts'
import { LongestFirst } from './test/support/longest-first.ts'

// unit: pure, no appliance. real: guestfish, qemu-img, ssh-keygen. e2e: whole runs and boots.
export default defineConfig({
  test: {
    reporters: ['default', new FailedLast()],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.real.test.ts', 'test/e2e/**'],
          testTimeout: 30_000,
          // Pure tests share what they import; loading it anew for each file took longer than the tests.
          isolate: false,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/**/*.real.test.ts'],
          exclude: ['test/e2e/**'],
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // Guests are built and booted in hooks, side by side.
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
})
