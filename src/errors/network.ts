import type { ErrorEntry } from './index.ts'

/** The guest’s network configuration, and addresses asked for it. */
export const NETWORK_ERRORS = {
  NETWORK_UNKNOWN: {
    exit: 3,
    meaning: 'No supported network configuration is in force in the guest.',
    remedy: 'Give no --ip to leave the network alone, or configure the guest’s network first.',
  },
  NETWORK_CONFLICT: {
    exit: 3,
    meaning:
      'Two network managers of the guest are in force for the same NIC, or one gives it two default routes.',
    remedy: 'Disable one of them in the guest, or give no --ip to leave the network alone.',
  },
  NETWORK_UNSUPPORTED: {
    exit: 3,
    meaning:
      'The guest’s network configuration uses a construct whose effect cannot be known while it is off.',
    remedy: 'Write the NIC’s configuration without it in the template, or give no --ip.',
  },
  PROFILE_NOT_FOUND: {
    exit: 3,
    meaning: 'The guest has no network profile for a NIC that is to get an address.',
    remedy: 'Name the guest’s interface by --profile, or configure the NIC in the template.',
  },
  PROFILE_AMBIGUOUS: {
    exit: 3,
    meaning: 'Several network profiles of the guest could belong to a NIC.',
    remedy: 'Name the guest’s interface by --profile, or by profile= within --nic.',
  },
  ADDRESS_UNUSABLE: {
    exit: 2,
    meaning: 'An address that was asked for cannot be used by a host in its subnet, or is another’s.',
    remedy: 'Give a free address of the subnet by --ip, or correct --prefix.',
  },
  GATEWAY_UNKNOWN: {
    exit: 2,
    meaning: 'A static address was asked for, and no gateway in its subnet is known.',
    remedy: 'Give --gateway ADDRESS, or --gateway none for a NIC without a default route.',
  },
  GATEWAY_UNREACHABLE: {
    exit: 2,
    meaning: 'The gateway that was asked for is not a neighbour of the address.',
    remedy: 'Give a gateway in the address’s subnet, or correct --prefix.',
  },
  YAML_INVALID: {
    exit: 3,
    meaning: 'A YAML file of the guest cannot be read, so what it configures is not in force.',
    remedy: 'Correct the file at the place that the message names, in the template.',
  },
  SHELL_UNEDITABLE: {
    exit: 3,
    meaning:
      'A variable to set in a file of the guest stands among shell code that cannot be edited in place.',
    remedy: 'Write plain KEY=value lines in the template, or give no --ip.',
  },
  YAML_UNEDITABLE: {
    exit: 3,
    meaning:
      'A YAML node to edit is shared by an alias or anchor, or written in a way that cannot be edited in place.',
    remedy: 'Write the NIC’s configuration out in plain YAML in the template, or give no --ip.',
  },
} as const satisfies Record<string, ErrorEntry>
