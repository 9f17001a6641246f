using Fovea.Hostile;

namespace Fovea.Cli.Tests;

/// <summary>Files that are right in their structure but for a few places; more of them, in a child process with little memory: <c>Fovea.Hostile</c>.</summary>
public class HostileFilesTests
{
    [Theory]
    [InlineData("pytorch")]
    [InlineData("safetensors")]
    [InlineData("recipe")]
    [InlineData("figures")]
    [InlineData("cfg")]
    [InlineData("weights")]
    [InlineData("foreign")]
    public void Hostile_files_are_read_or_refused_and_take_little_memory(string subject)
    {
        var tally = Trials.Run(Campaign.Find(subject), seed: 1, first: 0, count: 1500);
        Assert.InRange(tally.Accepted, 1, tally.Files - 1);
    }
}
