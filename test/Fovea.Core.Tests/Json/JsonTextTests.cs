using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fovea.Json;

namespace Fovea.Core.Tests.Json;

public class JsonTextTests
{
    private static readonly JsonTypeInfo<int[]> s_numbers = (JsonTypeInfo<int[]>)JsonSerializerOptions.Default.GetTypeInfo(typeof(int[]));

    [Theory]
    [InlineData("[1,\n2,\n  \"x\"]", "it cannot be read: $[2] at '  \"x\"': The JSON value could not be converted to System.Int32")]
    [InlineData("[\"\u009b\"]", "it cannot be read: $[0] at '[\"\\u009b\"': The JSON value could not be converted to System.Int32")]
    [InlineData("[1111111111,1111111111,1111111111,1111111111,é]", "it cannot be read: $[4] at '…111111,1111111111,1111111111,1111111111,': ")]
    [InlineData("null", "it cannot be read: it is null")]
    [InlineData("", "it cannot be read: $ at '': The input does not contain any JSON tokens")]
    public void What_is_wrong_is_told_with_its_path_and_what_stands_there(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => JsonText.Read(text, "it", s_numbers)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_right_is_read() => Assert.Equal([1, -2], JsonText.Read("[1, -2]", "it", s_numbers));
}
