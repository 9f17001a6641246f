using Fovea.Backends.OneDnn;

namespace Fovea.Sweep.Tests;

/// <summary>The implementations of a plan that are not optimised.</summary>
internal static class SlowSteps
{
    internal static IEnumerable<string> Of(string step, OneDnnExecutable plan) =>
        plan.Describe().Slow.Select(slow => $"{step}: {slow.Path} ({slow.What}) runs {slow.Implementation}, {slow.Layouts}");
}
