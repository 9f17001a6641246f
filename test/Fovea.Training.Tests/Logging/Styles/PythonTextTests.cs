using Fovea.Training.Logging.Styles;

namespace Fovea.Training.Tests.Logging.Styles;

public class PythonTextTests
{
    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(1, "1.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(0.30000000000000004, "0.30000000000000004")]
    [InlineData(123456789.125, "123456789.125")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1e300, "1e+300")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Repr_of_a_float_is_the_shortest_text_that_gives_it_again(double number, string expected) => Assert.Equal(expected, PythonText.Repr(number));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0005, "0.0005")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(0.9999999, "1")]
    [InlineData(100000, "100000")]
    [InlineData(1234567, "1.23457e+06")]
    public void General_format_has_six_digits_at_most(double number, string expected) => Assert.Equal(expected, PythonText.General(number));

    [Theory]
    [InlineData(0.9, "0:00:00")]
    [InlineData(3723.9, "1:02:03")]
    [InlineData(90061, "1 day, 1:01:01")]
    [InlineData(200000, "2 days, 7:33:20")]
    public void Duration_is_that_of_a_timedelta(double seconds, string expected) => Assert.Equal(expected, PythonText.Duration(seconds));

    [Fact]
    public void Settings_are_written_as_PyYAML_writes_them()
    {
        var tree = new ConfigTree
        {
            ["b"] = new ConfigTree { ["list"] = new object[] { 1, 2.5 }, ["none"] = null }, ["a"] = true, ["c"] = "yes", ["d"] = "it's: odd", ["e"] = 1e-5,
            ["f"] = "", ["g"] = "path/to x", ["h"] = "é",
        };
        Assert.Equal(
            "a: true\nb:\n  list:\n  - 1\n  - 2.5\n  none: null\nc: 'yes'\nd: 'it''s: odd'\ne: 1.0e-05\nf: ''\ng: path/to x\nh: \"\\u00E9\"\n", tree.Yaml());
    }
}
