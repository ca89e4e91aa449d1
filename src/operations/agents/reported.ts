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
    name: 'suseconnect',
    product: 'SUSE Customer Center',
    holds: 'the system’s credentials',
    found: ['/etc/zypp/credentials.d/SCCcredentials'],
    advice:
      'In the clone: `SUSEConnect --cleanup`, then `SUSEConnect -r CODE`; `SUSEConnect --de-register` would take the template’s registration away.',
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
    advice:
      'In the clone: stop the agent (`/etc/init.d/ma stop`), `/opt/McAfee/agent/bin/maconfig -enforce -noguid`, and start it again.',
  },
  {
    name: 'deep-security',
    product: 'Trend Micro Deep Security Agent',
    holds: 'the activation',
    found: ['/var/opt/ds_agent/dsa_core/ds_agent.config'],
    advice: 'In the clone: `/opt/ds_agent/dsa_control -r`, then activate it: `/opt/ds_agent/dsa_control -a`.',
  },
  {
    name: 'nessus-agent',
    product: 'Tenable Nessus Agent',
    holds: 'the host’s tag or the agent’s UUID',
    found: ['/etc/tenable_tag', '/opt/nessus_agent/var/nessus/uuid'],
    advice:
      'In the clone, before it reaches the manager: stop nessusagent, `/opt/nessus_agent/sbin/nessuscli prepare-image`, start it, and link it anew: `nessuscli agent link`.',
  },
  {
    name: 'qualys',
    product: 'Qualys Cloud Agent',
    holds: 'the host id',
    found: ['/etc/qualys/hostid'],
    advice: 'In the clone: stop the service qualys-cloud-agent, delete the file, start it again.',
  },
  {
    name: 'elastic-agent',
    product: 'Elastic Agent (Fleet)',
    holds: 'the enrolment',
    found: ['/opt/Elastic/Agent/fleet.enc', '/etc/elastic-agent/fleet.enc'],
    advice:
      'Enrol the clone anew, which gives it an agent id of its own: `elastic-agent enroll --force --url=URL --enrollment-token=TOKEN`.',
  },
  {
    name: 'splunk',
    product: 'Splunk (Universal Forwarder)',
    holds: 'the instance’s GUID',
    found: ['/opt/splunkforwarder/etc/instance.cfg', '/opt/splunk/etc/instance.cfg'],
    advice:
      'In the clone: stop Splunk, `bin/splunk clone-prep-clear-config`, which takes GUID and host name out, and start it again.',
  },
  {
    name: 'azure-arc',
    product: 'Azure Connected Machine (Arc)',
    holds: 'the machine’s place in Azure',
    found: [{ path: '/var/opt/azcmagent/agentconfig.json', holding: /"resourceName"\s*:\s*"[^"]/i }],
    advice:
      'In the clone: `azcmagent disconnect --force-local-only`, then `azcmagent connect`; without that option the template’s resource is deleted.',
  },
  {
    name: 'ssm',
    product: 'AWS Systems Manager Agent (hybrid)',
    holds: 'the managed node’s key',
    found: ['/var/lib/amazon/ssm/Vault/Store/RegistrationKey'],
    advice:
      'In the clone: stop the agent, `amazon-ssm-agent -register -clear`, register it by an activation, and start it again.',
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
