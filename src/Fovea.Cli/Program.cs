using Fovea.Cli;
using Fovea.Cli.Output;

using var stop = new StopSignals();
return Tool.Run(args, Terminal.OfProcess(), stop.Token);
