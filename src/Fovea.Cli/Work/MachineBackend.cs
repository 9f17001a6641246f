using Fovea.Backends.OneDnn;
using Fovea.Cli.Commands;
using Fovea.Cli.Output;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>Opens what runs the graphs.</summary>
internal static class MachineBackend
{
    /// <summary>The backend of this machine, with a warning where its CPU has to emulate the precision.</summary>
    internal static OneDnnBackend Open(Precision precision, Report report)
    {
        var backend = new OneDnnBackend();
        BFloat16Warning.Give(report, precision);
        return backend;
    }
}
