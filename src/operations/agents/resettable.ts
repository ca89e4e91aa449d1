import type { ResettableAgent } from './agent.ts'
import { newSystemId } from './openvswitch.ts'
import { newZabbixName, ZABBIX_NAME } from './zabbix.ts'

const PUPPET = ['/etc/puppetlabs/puppet/ssl', '/var/lib/puppet/ssl', '/etc/puppet/ssl']
const SALT = ['/etc/salt', '/etc/venv-salt-minion']
const ZABBIX = ['/etc/zabbix/zabbix_agent*.conf', '/etc/zabbix_agent*.conf']

/** Agents that may be reset, one row each. */
export const RESETTABLE: readonly ResettableAgent[] = [
  {
    name: 'rhsm',
    product: 'Red Hat Subscription Manager',
    holds: 'the consumer or entitlement certificate',
    found: ['/etc/pki/consumer/*.pem', '/etc/pki/entitlement/*.pem'],
    reset: { how: 'delete', paths: ['/etc/pki/consumer/*.pem', '/etc/pki/entitlement/*.pem'] },
    heals: false,
    advice: 'Register the clone: `subscription-manager register`.',
  },
  {
    name: 'insights',
    product: 'Red Hat Insights',
    holds: 'the registration',
    found: ['/etc/insights-client/machine-id', '/etc/insights-client/.registered'],
    reset: {
      how: 'delete',
      paths: ['machine-id', '.registered', '.unregistered'].map((name) => `/etc/insights-client/${name}`),
    },
    heals: false,
    advice: 'Register the clone: `insights-client --register`.',
  },
  {
    name: 'rhn',
    product: 'Spacewalk (RHN)',
    holds: 'the system id',
    found: ['/etc/sysconfig/rhn/systemid'],
    reset: { how: 'delete', paths: ['/etc/sysconfig/rhn/systemid', '/etc/sysconfig/rhn/osad-auth.conf'] },
    heals: false,
    advice: 'Register the clone: `rhnreg_ks`.',
  },
  {
    name: 'salt',
    product: 'Salt minion',
    holds: 'the key or id',
    found: SALT.flatMap((root) => [`${root}/pki/minion/minion.pem`, `${root}/minion_id`]),
    reset: {
      how: 'delete',
      paths: SALT.flatMap((root) => [
        `${root}/minion_id`,
        `${root}/pki/minion/minion.pem`,
        `${root}/pki/minion/minion.pub`,
      ]),
    },
    heals: true,
    advice:
      'Accept the new key at the master: `salt-key -a`. An `id:` in the minion’s configuration has to be changed by hand.',
  },
  {
    name: 'puppet',
    product: 'Puppet agent',
    holds: 'the key',
    found: PUPPET.map((root) => `${root}/private_keys/*.pem`),
    reset: {
      how: 'delete',
      paths: PUPPET.flatMap((root) =>
        ['private_keys', 'public_keys', 'certificate_requests', 'certs'].map(
          (name) => `${root}/${name}/*.pem`,
        ),
      ),
      except: PUPPET.map((root) => `${root}/certs/ca.pem`),
    },
    heals: true,
    server: ['/etc/puppetlabs/puppetserver/ca/ca_key.pem', ...PUPPET.map((root) => `${root}/ca/ca_key.pem`)],
    advice:
      'Sign the new certificate at the server: `puppetserver ca sign`. A `certname` in puppet.conf has to be changed by hand.',
  },
  {
    name: 'landscape',
    product: 'Landscape client',
    holds: 'the registration',
    found: ['/var/lib/landscape/client/broker.bpickle', '/var/lib/landscape/client/broker.bpickle.old'],
    reset: { how: 'delete', paths: ['/var/lib/landscape/client/broker.bpickle*'] },
    heals: false,
    advice: 'Register the clone under a title of its own: `landscape-config`.',
  },
  {
    name: 'tailscale',
    product: 'Tailscale',
    holds: 'the node key',
    found: ['/var/lib/tailscale/tailscaled.state'],
    reset: {
      how: 'delete',
      paths: ['tailscaled.state', 'tailscaled.log.conf', 'certs'].map((name) => `/var/lib/tailscale/${name}`),
    },
    heals: false,
    advice: 'Log the clone in: `tailscale up`.',
  },
  {
    name: 'zerotier',
    product: 'ZeroTier',
    holds: 'the node’s key',
    found: ['/var/lib/zerotier-one/identity.secret'],
    reset: {
      how: 'delete',
      paths: ['/var/lib/zerotier-one/identity.secret', '/var/lib/zerotier-one/identity.public'],
    },
    heals: true,
    server: ['/var/lib/zerotier-one/controller.d/network/*.json'],
    advice: 'Admit the new node at the controllers of its networks.',
  },
  {
    name: 'docker',
    product: 'Docker Engine',
    holds: 'the engine id',
    found: ['/etc/docker/key.json', '/var/lib/docker/engine-id'],
    reset: { how: 'delete', paths: ['/etc/docker/key.json', '/var/lib/docker/engine-id'] },
    heals: true,
  },
  {
    name: 'k3s-node',
    product: 'K3s or RKE2 node',
    holds: 'the node password',
    found: ['/etc/rancher/node/password'],
    reset: { how: 'delete', paths: ['/etc/rancher/node/password'] },
    heals: true,
    server: ['/var/lib/rancher/k3s/server/db', '/var/lib/rancher/rke2/server/db'],
    advice: 'The clone joins as another node only if it has another host name.',
  },
  {
    name: 'openvswitch',
    product: 'Open vSwitch',
    holds: 'the system id',
    found: ['/etc/openvswitch/system-id.conf'],
    reset: {
      how: 'edit',
      paths: ['/etc/openvswitch/system-id.conf'],
      says: 'a UUID that belongs to this clone',
      edit: newSystemId,
    },
    heals: false,
    advice: 'Addresses of the template in conf.db (`ovn-encap-ip`) have to be changed by hand.',
  },
  {
    name: 'wazuh',
    product: 'Wazuh or OSSEC agent',
    holds: 'the agent’s key',
    found: ['/var/ossec/etc/client.keys'],
    reset: { how: 'empty', paths: ['/var/ossec/etc/client.keys'] },
    heals: true,
    server: ['/var/ossec/bin/wazuh-remoted', '/var/ossec/bin/ossec-remoted', '/var/ossec/etc/sslmanager.key'],
    advice: 'An agent older than Wazuh 4 has to be enrolled by `agent-auth`.',
  },
  {
    name: 'zabbix',
    product: 'Zabbix agent',
    holds: 'the host name',
    found: ZABBIX.map((path) => ({ path, holding: ZABBIX_NAME })),
    reset: { how: 'edit', paths: ZABBIX, says: 'the clone’s name as `Hostname=`', edit: newZabbixName },
    heals: false,
    advice: 'Add the clone as a host of that name in Zabbix, unless hosts register there by themselves.',
  },
  {
    name: 'beats',
    product: 'Elastic Beats',
    holds: 'the Beat’s id',
    found: ['/var/lib/*beat/meta.json'],
    reset: { how: 'delete', paths: ['/var/lib/*beat/meta.json'] },
    heals: true,
    advice: 'What the template has sent already is not sent again: the registry beside it stays.',
  },
  {
    name: 'netdata',
    product: 'Netdata',
    holds: 'the machine GUID or claim',
    found: [
      '/var/lib/netdata/registry/netdata.public.unique.id',
      '/var/lib/netdata/cloud.d/claimed_id',
      '/var/lib/netdata/cloud.d/cloud.conf',
    ],
    reset: {
      how: 'delete',
      paths: [
        '/var/lib/netdata/registry/netdata.public.unique.id',
        '/var/lib/netdata/status-netdata.json',
        '/var/cache/netdata/status-netdata.json',
        '/tmp/status-netdata.json',
        ...['claimed_id', 'cloud.conf', 'private.pem', 'public.pem', 'token'].map(
          (name) => `/var/lib/netdata/cloud.d/${name}`,
        ),
      ],
    },
    heals: true,
    advice:
      'Claim the clone, unless /etc/netdata/claim.conf does. Metrics of the template stay in /var/cache/netdata.',
  },
  {
    name: 'kolide',
    product: 'Kolide',
    holds: 'the device’s enrolment',
    found: ['/var/kolide-k2/k2device.kolide.com/*'],
    reset: { how: 'delete', paths: ['/var/kolide-k2/k2device.kolide.com/*'] },
    heals: true,
  },
  {
    name: 'cockpit',
    product: 'Cockpit',
    holds: 'the self-signed certificate’s key',
    found: ['/etc/cockpit/ws-certs.d/0-self-signed.key', '/etc/cockpit/ws-certs.d/0-self-signed.cert'],
    reset: { how: 'delete', paths: ['/etc/cockpit/ws-certs.d/0-self-signed*'] },
    heals: true,
  },
]
