namespace Fovea.Package.Tests;

/// <summary>The threads of this process as the kernel counts them.</summary>
internal static class Threads
{
    /// <summary>All of them. The runtime starts and ends some of its own at any time.</summary>
    internal static int Count => All.Count();

    /// <summary>Those that run plans: threads of a team inherit the name of the one that made it.</summary>
    internal static int OfPlans => All.Count(thread => NameOf(thread) == "fovea plans");

    /// <summary>Waits until at most so many threads run plans: the kernel needs a moment to forget those that have ended.</summary>
    internal static void Await(int plans) =>
        Assert.True(SpinWait.SpinUntil(() => OfPlans <= plans, TimeSpan.FromSeconds(30)), $"{OfPlans} threads run plans; wanted {plans}");

    private static IEnumerable<string> All => Directory.EnumerateDirectories("/proc/self/task");

    private static string NameOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
