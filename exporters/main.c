#include "command.h"

int main(int argc, char **argv)
{
	return wc_command_main(argc, argv);
}
