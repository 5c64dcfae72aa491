import type { Runtime } from 'aws-cdk-lib/aws-lambda';

/** Runtimes that AWS no longer patches, from the table "Lambda runtimes" of the Lambda Developer Guide (VUL-10). */
const UNSUPPORTED =
  /^(nodejs|nodejs(4\.3(-edge)?|6\.10|8\.10|1[0-8]\.x|20\.x)|python(2\.7|3\.([6-9]|10))|java8|dotnetcore[123]\.\d|dotnet([67]|5\.0|[89])|ruby(2\.[57]|3\.2)|go1\.x|provided(\.al2)?)$/;

/** Whether AWS still patches the runtime; one that is newer than this list counts as supported. */
export const isSupportedRuntime = ({ name }: Runtime): boolean => !UNSUPPORTED.test(name);
