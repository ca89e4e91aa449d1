/** What a notice is about. docs/notices.md is generated from this table. */
export const NOTICES = {
  'tcg-used':
    'KVM is absent, forbidden or broken on this host, so the appliance is emulated, which is slower.',
  'not-verified': 'The VM was fixed, but --verify could not open it once more.',
  'workspace-left': 'The VM was fixed, but what the run worked with could not be taken away.',
  recovered: 'An earlier run was interrupted; its work was finished or taken back before this one.',
  forced: 'A refusal was overridden by --force.',
  'vmx-duplicate-keys': 'The .vmx has a key more than once; the first one was taken.',
  'vmx-malformed-lines': 'The .vmx has lines that VMware cannot read; they were left as they are.',
  'disk-nonpersistent': 'A disk is not persistent: what the guest writes vanishes at power-off.',
  'change-tracking': 'Changed block tracking is on; its record does not know the offline changes.',
  'vtpm-present': 'The VM has a virtual TPM, whose keys are the template’s.',
  'macos-identity': 'The .vmx holds serial numbers of a macOS guest, which are unique per machine.',
  'guestinfo-present': 'The .vmx hands configuration to the guest, which may apply it again at boot.',
  'template-not-frozen':
    'Linked clones stand on a disk of the template that changes when the template is started.',
  'snapshot-cloned': 'Linked clones stand on a snapshot of the template, not on its current state.',
  'mac-outside-range':
    'A MAC address lies outside VMware’s static range; VMware’s check of it was switched off.',
  'mac-not-kept':
    'A generated MAC address was to be kept, but VMware makes a new one because the UUID changes.',
  'vmxf-left': 'The .vmxf is not well-formed XML and was left as it is.',
  'machine-id-on-cmdline': 'The kernel command line sets a machine-id, which overrides the file.',
  'boot-entries-left': 'Boot loader entries are still named after the old machine-id.',
  'kernel-cmdline-network':
    'The kernel command line names an old MAC address, or configures an address itself.',
  'systemd-secrets':
    'The guest holds the key of systemd’s encrypted credentials, which the template has too.',
  'iscsi-renamed': 'The iSCSI initiator has a new name, which targets may not know yet.',
  'nvme-host-renamed': 'The NVMe host has a new NQN, which subsystems may not know yet.',
  'storage-name-left': 'A name under which the guest reaches its storage is still the template’s.',
  'storage-id-left': 'An id on the clone’s disks could not be replaced and is still the template’s.',
  'boot-loader-unknown':
    'File systems got new UUIDs, and no configuration of a boot loader was found that could follow.',
  'lvm-devices': 'LVM knows the guest’s disks by ids that a copy of the disks may not have.',
  'agent-found':
    'A program in the guest holds an enrolment, an id or a key that the template has too. [Agents](agents.md) says what can be reset.',
  'agent-reset': 'An agent was reset, and wants something done before it works again.',
  'cluster-member':
    'The guest holds the state of a cluster’s member or a database, which the template has too, and which is never touched.',
  'ssh-keys-made': 'The guest had an SSH server without host keys, so new ones were made.',
  'ssh-key-left': 'An SSH host key could not be replaced and is still the template’s.',
  'ssh-keys-deleted': 'The SSH host keys were deleted and no new ones were made.',
  'ssh-absent': 'The clone was to be reached by SSH, but the guest has no SSH server.',
  'ssh-unmasked': 'Something that kept the SSH server from starting was taken away.',
  'ssh-not-enabled': 'The SSH server does not start at boot, and could not be made to.',
  'ssh-config-elsewhere':
    'The SSH server is started with a configuration file or variables that were not read, so its port is not known.',
  'ssh-listens-elsewhere': 'The SSH server listens on certain addresses only.',
  'firewall-left':
    'A firewall of the guest was not edited, because it could not be told what would let SSH through. [Operations](operations.md#open-ssh) says what is edited.',
  'firewall-blocks': 'A file of the guest’s firewall may turn SSH away, whatever other files let through.',
  'ssh-certificate-removed': 'A certificate of the old SSH host key was deleted.',
  'mac-pin-left': 'A file of the guest still names the old MAC address.',
  'mac-override': 'A file of the guest gives an interface a MAC address of its own, over that of the .vmx.',
  'not-swept': 'What still names the old machine could not be looked for in the guest.',
  'file-left': 'A file of the guest could not be edited and was left.',
  'initramfs-copy': 'The initramfs may hold a copy of a file that was changed.',
  'prefix-assumed': 'No prefix was given or known, so /24 was taken.',
  'dns-unknown': 'No name server is known for a NIC that gets a static address.',
  'hostname-unchanged':
    'The clone has the host name of the VM that it was cloned from: its .vmx file is called so.',
  'address-unchanged': 'A NIC keeps the static address of the VM that it was cloned from.',
  'address-in-dhcp-range': 'A static address lies in the range that the VMnet’s DHCP server gives out.',
  'address-reserved': 'A static address is reserved for a MAC in the VMnet’s DHCP server.',
  'address-outside-vmnet': 'An address does not lie in the subnet of the VMnet that the NIC is on.',
  'ipv6-kept': 'A NIC keeps its static IPv6 address, which the template has too.',
  'extra-address-kept': 'An interface has a further static address, which stays as it is.',
  'copy-read': 'A copy beside a network configuration file is read as configuration too by the guest.',
  'old-value-left':
    'A command in the network configuration names the old address or MAC; it was left as it is.',
  'dns-managed-elsewhere':
    'Another program writes /etc/resolv.conf in the guest; the name servers were not set there.',
  'profile-ignored': 'NetworkManager passes over a connection profile, because of its mode or owner.',
  'dns-family-off': 'A name server could not be set: the profile does not use its address family.',
  'route-stranded':
    'A route that was left leads by a gateway that lies in no subnet of the interface any more.',
  'match-not-single':
    'A static address went to a definition that may fit several interfaces; each of them would take it.',
  'cloud-init-guarded': 'cloud-init runs in the guest; it was told to leave alone what the clone was given.',
  'cloud-init-source-left':
    'Network configuration that lies in the guest for cloud-init could not be edited and was left.',
  'cloud-init-overruled': 'A file of the guest overrules what cloud-init was told for this clone.',
  'reflink-unavailable':
    'The file system of the clones cannot share blocks between files; full copies were made instead.',
  'scripts-not-stamped':
    'Because of --with, each clone of a batch was edited in an appliance, which takes longer than stamping.',
  'kept-hosts-left':
    'Clones of an earlier run were kept, and the table had other names or addresses then: so have their hosts files.',
  'stamp-rejected':
    'A stamped clone did not hold what was planned; it and all like it were edited in an appliance instead.',
} as const satisfies Record<string, string>

/** The closed union of notice codes. */
export type NoticeCode = keyof typeof NOTICES

/** Something the user should know that stopped nothing. */
export interface Notice {
  readonly code: NoticeCode
  /** One sentence of fact. */
  readonly message: string
  /** What to do about it, if anything. */
  readonly hint?: string
}
