using Fovea.Cli.Usage;
using Fovea.Cli.Work;

namespace Fovea.Cli.Tests;

public class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("10min", 600)]
    [InlineData("1.5h", 5400)]
    [InlineData("1h30m", 5400)]
    [InlineData("1h0m5s", 3605)]
    public void A_time_is_typed_as_people_do(string text, double seconds) => Assert.Equal(seconds, Duration.Parse("--time", text).TotalSeconds, 1e-6);

    [Theory]
    [InlineData("10")]
    [InlineData("-5m")]
    [InlineData("5 m")]
    [InlineData("m")]
    [InlineData("0s")]
    [InlineData("5m2h")]
    [InlineData("999999h")]
    [InlineData("1e3s")]
    public void What_is_no_time_says_what_is_wanted(string text) => Assert.Equal(
        $"--time is '{text}'; wanted a time such as 90s, 10m, 2h or 1h30m, at most 10000 h",
        Assert.Throws<UsageException>(() => Duration.Parse("--time", text)).Message);
}
