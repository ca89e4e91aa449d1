import type { ReportedAgent } from './agent.ts'

/** Agents that only their own programs can enrol anew, one row each: reported, never touched. */
export const REPORTED: readonly ReportedAgent[] = [
  {
    name: 'chef',
    product: 'Chef Infra Client',
    holds: 'the client key',
    found: ['/etc/chef/client.pem', '/etc/cinc/client.pem'],
    advice: 'Delete it in the clone, give client.rb another node_name, and bootstrap the clone.',
  },
  {
    name: 'ipa',
    product: 'FreeIPA client',
    holds: 'the enrolment',
    found: ['/etc/ipa/default.conf'],
    advice:
      'In the clone: delete /etc/krb5.keytab, or the next step unenrols the template; then `ipa-client-install --uninstall` and `ipa-client-install`.',
  },
  {
    name: 'kerberos',
    product: 'Kerberos',
    holds: 'the host’s keys',
    found: ['/etc/krb5.keytab'],
    advice:
      'They are the template’s. Join the clone under its own name; a `realm leave` before that could delete the template’s account.',
  },
  {
    name: 'samba',
    product: 'Samba',
    holds: 'the machine account’s password',
    found: [{ path: '/var/lib/samba/private/secrets.tdb', holding: /SECRETS\/MACHINE_PASSWORD\// }],
    advice: 'Join the clone under its own name: `net ads join`.',
  },
  {
    name: 'ubuntu-pro',
    product: 'Ubuntu Pro',
    holds: 'the machine token',
    found: ['/var/lib/ubuntu-advantage/private/machine-token.json'],
    advice:
      'Attach the clone anew: `pro detach`, then `pro attach`; look at `pro status` in the template afterwards.',
  },
  {
    name: 'snapd',
    product: 'snapd',
    holds: 'the device serial',
    found: ['/var/lib/snapd/assertions/asserts-v0/serial/*/*/*'],
    advice:
      'Where a store or management of your own knows devices by their serial, make the template before snapd runs in it.',
  },
  {
    name: 'crowdstrike',
    product: 'CrowdStrike Falcon',
    holds: 'the agent id',
    found: ['/opt/CrowdStrike/falconstore'],
    advice: 'In the clone: `/opt/CrowdStrike/falconctl -d -f --aid`, then restart falcon-sensor.',
  },
  {
    name: 'sentinelone',
    product: 'SentinelOne',
    holds: 'the agent’s configuration',
    found: ['/opt/sentinelone/configuration/basic.conf'],
    advice: 'Follow the vendor’s procedure for images: the agent protects its files.',
  },
  {
    name: 'trellix',
    product: 'Trellix (McAfee) Agent',
    holds: 'the agent GUID',
    found: ['/var/McAfee/agent/db/ma.db', '/var/McAfee/agent/keystore/*'],
    advice: 'In the clone: `/opt/McAfee/agent/bin/maconfig -enforce -noguid`, then restart the agent.',
  },
  {
    name: 'servicenow',
    product: 'ServiceNow Agent Client Collector',
    holds: 'the agent id',
    found: ['/var/cache/servicenow/agent-client-collector/agent_now_id'],
    advice: 'In the clone: stop the service `acc`, delete the file, start it again.',
  },
  {
    name: 'ssl-cert',
    product: 'ssl-cert (snakeoil certificate)',
    holds: 'the private key',
    found: ['/etc/ssl/private/ssl-cert-snakeoil.key'],
    advice: 'In the clone: `make-ssl-cert generate-default-snakeoil --force-overwrite`.',
  },
]
